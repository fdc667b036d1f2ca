//! Whether the processor has the instructions that the program was built with.
//!
//! Where it has not, the system would end the program without a word.

/// What is said where it has not.
pub(crate) const LACKS: &str = "error: this program was built for processors with AVX2 (x86-64-v3), and this one has \
     none\n  help: build it with `RUSTFLAGS=\"-C target-cpu=x86-64\" cargo build --release`";

/// Whether all instructions of the level x86-64-v3 are there (System V ABI, AMD64 supplement,
/// section 3.1.1).
#[cfg(all(target_arch = "x86_64", target_feature = "avx2"))]
pub(crate) fn is_enough() -> bool {
    let processor = raw_cpuid::CpuId::new();
    let basic = processor.get_feature_info().is_some_and(|has| {
        let vectors = has.has_avx() && has.has_fma() && has.has_f16c();
        vectors && has.has_movbe() && has.has_popcnt() && has.has_oxsave()
    });
    let extended = processor
        .get_extended_feature_info()
        .is_some_and(|has| has.has_avx2() && has.has_bmi1() && has.has_bmi2());
    let counts = processor
        .get_extended_processor_and_feature_identifiers()
        .is_some_and(|has| has.has_lzcnt());
    basic && extended && counts
}

/// Nothing beyond the usual is asked for.
#[cfg(not(all(target_arch = "x86_64", target_feature = "avx2")))]
pub(crate) const fn is_enough() -> bool {
    true
}
