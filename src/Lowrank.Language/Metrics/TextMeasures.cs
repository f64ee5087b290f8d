namespace Lowrank.Language;

/// <summary>The measures of texts that are known.</summary>
public static class TextMeasures
{
    /// <summary>All, in the order in which they are shown.</summary>
    public static IReadOnlyList<TextMeasure> All { get; } =
    [
        new("bleu", "BLEU of e2e-metrics in Python, 0 to 1", E2eBleu.Of),
        new("bleu-mteval", "BLEU of mteval-v13a in Perl, the E2E challenge's, 0 to 1", MtevalBleu.Of),
        new("bleu-moses", "BLEU of multi-bleu-detok, WebNLG's and DART's, 0 to 100", MultiBleu.Of),
        new("bleu-nltk", "BLEU of NLTK with its third smoothing, 0 to 1", NltkBleu.Of),
        new("sacrebleu", "BLEU of sacreBLEU, 0 to 100", new SacreBleu().Of),
        new("nist", "NIST of e2e-metrics in Python, the LoRA repository's", E2eNist.Of),
        new("nist-mteval", "NIST of mteval-v13a in Perl, the E2E challenge's", MtevalNist.Of),
        new("rouge-l-coco", "ROUGE-L of the COCO scripts, E2E's, 0 to 1", CocoRougeL.Of),
        new("rouge-1", "ROUGE-1 of rouge-score, F, stemmed, 0 to 1", texts => new Rouge(Stemmed: true).N(texts, 1)),
        new("rouge-2", "ROUGE-2 of rouge-score, F, stemmed, 0 to 1", texts => new Rouge(Stemmed: true).N(texts, 2)),
        new("rouge-l", "ROUGE-L of rouge-score, F, stemmed, 0 to 1", new Rouge(Stemmed: true).L),
        new("rouge-lsum", "ROUGE-Lsum of rouge-score, F, stemmed, 0 to 1", new Rouge(Stemmed: true).LSum),
        new("cider", "CIDEr-D times ten of the COCO scripts, E2E's", Cider.Of),
        new("meteor-exact-stem", "METEOR 1.5 with equal words and stems only, 0 to 1", texts => ExactStemMeteor.Of(texts)),
        new("meteor-nltk", "NLTK's METEOR with equal words and stems only, 0 to 1", NltkMeteor.Of),
        new("chrf", "chrF of sacreBLEU, 0 to 100", new Chrf().Of),
        new("chrf++", "chrF++ of sacreBLEU, 0 to 100", new Chrf(WordOrder: 2).Of),
        new("chrf++-webnlg", "chrF++ of WebNLG's GenerationEval, 0 to 1", new Chrf(WordOrder: 2).MeanOfOrders),
        new("ter", "TER of sacreBLEU, percent", new SacreTer().Of, LowerIsBetter: true),
        new("ter-pyter", "TER of pyter, WebNLG's and DART's", PyterTer.Of, LowerIsBetter: true),
    ];

    /// <summary>The measure of a name.</summary>
    /// <exception cref="LowrankException">There is none.</exception>
    public static TextMeasure Named(string name) => All.FirstOrDefault(measure => measure.Name == name)
        ?? throw new LowrankException($"there is no measure \"{name}\". Known are: " +
            $"{string.Join(", ", All.Select(measure => measure.Name))}.");
}
