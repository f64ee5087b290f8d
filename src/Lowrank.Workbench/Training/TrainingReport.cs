namespace Lowrank.Workbench;

/// <summary>What a training run did.</summary>
/// <param name="Result">How it ended, and where everything is.</param>
/// <param name="Account">What was taken of what was given, and what was not.</param>
/// <param name="Start">What was known when the steps began.</param>
/// <param name="Last">The last step; null where none was taken.</param>
/// <param name="Losses">Loss of every step, in order.</param>
/// <param name="Written">Adapters and samples that were written, in order, each once.</param>
/// <param name="Elapsed">Time of the whole run.</param>
public sealed record TrainingReport(
    TrainingResult Result,
    IReadOnlyList<AccountLine> Account,
    TrainingStarted? Start,
    TrainingStep? Last,
    IReadOnlyList<double> Losses,
    IReadOnlyList<string> Written,
    TimeSpan Elapsed)
{
    /// <summary>What was learnt, as a recipe's task has it.</summary>
    public string Task { get; init; } = "";

    /// <summary>The base model that it was learnt over.</summary>
    public string BaseModel { get; init; } = "";

    /// <summary>Whether the model writes texts.</summary>
    public bool Writes { get; init; }
}
