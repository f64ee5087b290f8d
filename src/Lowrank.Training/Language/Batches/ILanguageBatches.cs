namespace Lowrank.Training;

/// <summary>Which rows are learnt together, and when.</summary>
public interface ILanguageBatches
{
    /// <summary>Batches in a pass over the data.</summary>
    int PerEpoch { get; }

    /// <summary>Batch <paramref name="number"/>, counted from the run's beginning: one and the same at every call. Its tensors belong to
    /// the caller's scope.</summary>
    LanguageExamples this[long number] { get; }

    /// <summary>How many tokens of a batch count, without making it: labels behind each row's first that are asked.</summary>
    double CountedTokens(long number);

    /// <summary>What they have to tell after a step beside what the objective does; nothing for most.</summary>
    /// <param name="step">Steps done.</param>
    IReadOnlyDictionary<string, double> Measures(int step) => new Dictionary<string, double>();
}
