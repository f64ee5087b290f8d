namespace Lowrank.Language;

/// <summary>Prompts and conversations with answers: how well these are foretold, and what the model answers itself.</summary>
/// <param name="rows">The rows that have an answer.</param>
public sealed class AnswerData(IReadOnlyList<AnswerRow> rows) : TextedData
{
    /// <summary>The rows.</summary>
    public IReadOnlyList<AnswerRow> Rows => rows;

    /// <inheritdoc/>
    public override int Count => rows.Count;

    /// <inheritdoc/>
    public override EvaluationData First(int count) => new AnswerData([.. rows.Take(count)]) { Notes = Notes };

    /// <inheritdoc/>
    public override Evaluator For(LanguageModel model, EvaluationOptions options) => new AnswerEvaluator(this, model, options);
}
