//! Vietnamese.

use crate::lexicon::meaning as m;

pub(super) const WORDS: &[(m::Meaning, &str)] = &[
    (m::DROP, "bo_qua phot_lo quen quen_di"),
    (m::EARLIER, "truoc truoc_do tren_day ben_tren ban_dau"),
    (m::ORDERS, "huong_dan chi_dan lenh quy_tac chi_thi cau_lenh"),
    (m::TASK, "nhiem_vu hoi_thoai ngu_canh"),
    (m::SYSTEM, "he_thong bi_mat"),
    (m::YOUR, "cua_ban"),
    (m::REVEAL, "hien_thi tiet_lo in_ra cho_biet"),
    (m::NOT, "dung khong"),
    (m::TELL, "noi_voi thong_bao cho_biet"),
    (m::USER, "nguoi_dung nguoi"),
    (m::SEND, "tai_len gui_den gui_toi gui_cho"),
    (m::SECRET, "mat_khau khoa ma_thong"),
    (m::FILLER, "tat ca tat_ca moi cac va hay cho voi duoc bi"),
    (m::ALL, "tat ca tat_ca moi"),
    (m::RESPONSE, "cau_tra"),
];
