//! Indonesian and Malay.

use crate::lexicon::meaning as m;

pub(super) const WORDS: &[(m::Meaning, &str)] = &[
    (m::DROP, "abaikan lupakan mengabaikan kesampingkan hiraukan"),
    (m::EARLIER, "sebelumnya sebelum terdahulu atas awal"),
    (m::ORDERS, "instruksi perintah petunjuk aturan arahan pedoman prompt batasan"),
    (m::TASK, "tugas percakapan konteks semuanya pesan"),
    (m::SYSTEM, "sistem rahasia tersembunyi"),
    (m::YOUR, "anda kamu mu"),
    (m::YOU, "anda kamu"),
    (m::REVEAL, "tampilkan ungkapkan cetak tunjukkan bocorkan"),
    (m::NOT, "jangan tanpa tidak"),
    (m::TELL, "beritahu memberitahu katakan sebutkan beri_tahu mengatakan"),
    (m::USER, "pengguna pemakai siapapun"),
    (m::SEND, "kirim kirimkan unggah teruskan"),
    (m::SECRET, "sandi kata_sandi kunci kredensial kunci_api"),
    (m::GET, "baca buka kumpulkan"),
    (m::ALWAYS, "selalu"),
    (m::KEEP, "ingat simpan tambahkan"),
    (m::MEMORY, "memori ingatan"),
    (m::QUIET, "diam_diam rahasia"),
    (m::NEW, "baru"),
    (m::MUST, "harus wajib"),
    (m::UNBOUND, "batasan pembatasan"),
    (m::FILLER, "semua yang dan ini di ke dari seluruh segala"),
    (m::ALL, "semua seluruh segala"),
    (m::AGENT, "asisten"),
    (m::RESPONSE, "jawaban"),
];
