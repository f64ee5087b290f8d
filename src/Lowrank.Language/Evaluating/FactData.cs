namespace Lowrank.Language;

/// <summary>Facts that a model is asked to put into words, which are compared with people's: E2E, WebNLG, DART.</summary>
/// <param name="rows">The facts.</param>
/// <param name="measures">How words are compared.</param>
public sealed class FactData(IReadOnlyList<DataToText> rows, FactMeasures measures) : TextedData
{
    /// <summary>The facts.</summary>
    public IReadOnlyList<DataToText> Facts => rows;

    /// <summary>How words are compared.</summary>
    public FactMeasures Measures => measures;

    /// <inheritdoc/>
    public override int Count => rows.Count;

    /// <inheritdoc/>
    public override EvaluationData First(int count) => new FactData([.. rows.Take(count)], measures) { Notes = Notes };

    /// <inheritdoc/>
    public override Evaluator For(LanguageModel model, EvaluationOptions options) => new FactEvaluator(this, model, options);

    internal static FactData ReadE2e(DataFile file) =>
        new(file.Rows is { } rows ? E2eData.Of(rows) : E2eData.OfText(file.Path, file.Text), FactMeasures.E2e);

    internal static FactData ReadDart(DataFile file) => new(DartData.Of(file.Rows!), FactMeasures.Triples);

    internal static FactData ReadWebNlg(DataFile file)
    {
        var rows = WebNlgData.Of(file.Path, file.Rows!, out int leftOut);
        string[] notes = leftOut == 0 ? [] : [$"{leftOut} of {leftOut + rows.Count} entries have no good text and are left out."];
        return new(rows, FactMeasures.Triples) { Notes = notes };
    }
}
