namespace Lowrank.Language;

/// <summary>How texts about facts are asked for and compared.</summary>
/// <param name="Prompt">What the model is asked, with <c>{input}</c> for the facts.</param>
/// <param name="All">The measures, the first that by which models are compared.</param>
/// <param name="Words">What is done to a text and its references before.</param>
public sealed record FactMeasures(string Prompt, IReadOnlyList<TextMeasure> All, Func<ScoredText, ScoredText> Words)
{
    // gpt2_decode.py's --ref_num.
    const int MostReferences = 6;

    /// <summary>E2E's: its scripts', in Python and in Perl, and METEOR without word nets.</summary>
    public static FactMeasures E2e { get; } = new(
        "Describe this place in one or two sentences: {input}",
        [
            .. Named("bleu", "bleu-mteval", "nist", "nist-mteval", "rouge-l-coco", "cider"),
            TextMeasures.Named("meteor-exact-stem") with { Of = ExactStemMeteor.OfE2e },
        ],
        text => text);

    /// <summary>WebNLG's and DART's, in the LoRA repository's words: lower case, signs by themselves, six references.</summary>
    public static FactMeasures Triples { get; } = new(
        "Describe these facts in one or two sentences: {input}",
        [.. Named("bleu-moses", "meteor-exact-stem", "chrf++-webnlg", "ter-pyter")],
        text => new(DataToTextWords.Text(text.Hypothesis), [.. text.References.Take(MostReferences).Select(DataToTextWords.Text)]));

    static IEnumerable<TextMeasure> Named(params string[] names) => names.Select(TextMeasures.Named);

    /// <summary>The values of all measures over texts.</summary>
    public IEnumerable<Measured> Over(IReadOnlyList<ScoredText> texts, string? group = null) => All.Select(measure =>
        new Measured(measure.Name, measure.Of(texts), texts.Count, "texts") { Group = group, LowerIsBetter = measure.LowerIsBetter });
}
