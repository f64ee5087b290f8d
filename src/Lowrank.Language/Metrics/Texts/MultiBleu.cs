namespace Lowrank.Language;

/// <summary>BLEU as Moses' multi-bleu-detok.perl computes it, which WebNLG and DART are told in (0 to 100; it prints two
/// decimals).</summary>
public static class MultiBleu
{
    /// <summary>Of texts, in mteval's words as they are written.</summary>
    public static double Of(IReadOnlyList<ScoredText> texts) => 100 * MtevalBleu.Of(BleuCounts.Of(ScoredWords.Of(texts, MtevalWords.Of)));
}
