//! Vietnamese.

use crate::lexicon::meaning as m;

pub(super) const WORDS: &[(m::Meaning, &str)] = &[
    (m::DROP, "bo_qua phot_lo quen quen_di"),
    (m::EARLIER, "truoc truoc_do tren_day ben_tren ban_dau"),
    (m::ORDERS, "huong_dan chi_dan lenh quy_tac chi_thi cau_lenh"),
    (m::TASK, "nhiem_vu hoi_thoai ngu_canh"),
    (m::SYSTEM, "he_thong bi_mat an"),
    (m::YOUR, "cua_ban ban"),
    (m::REVEAL, "hien_thi tiet_lo in_ra cho_biet"),
    (m::NOT, "dung khong"),
    (m::TELL, "noi noi_voi thong_bao cho_biet bao"),
    (m::USER, "nguoi_dung nguoi"),
    (m::SEND, "gui tai_len"),
    (m::SECRET, "mat_khau khoa ma_thong"),
    (m::FILLER, "tat_ca moi cac va hay cho voi duoc bi"),
    (m::ALL, "tat_ca moi"),
    (m::RESPONSE, "cau_tra"),
];
