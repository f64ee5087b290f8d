namespace Lowrank.Language;

/// <summary>Rows that a model is measured on which writes: texts that it scores or answers that it gives.</summary>
public abstract class TextedData : EvaluationData
{
    /// <summary>Makes the rows ready for a model: by its tokenizer, its template, its context.</summary>
    /// <exception cref="LowrankException">An option is out of its range, or no row is left.</exception>
    public abstract Evaluator For(LanguageModel model, EvaluationOptions options);
}
