using Lowrank.Language;

namespace Lowrank.Workbench;

/// <summary>Texts that were written.</summary>
/// <param name="Model">The model.</param>
/// <param name="Texts">The texts, in the order of the prompts.</param>
/// <param name="Seconds">How long it took, without loading.</param>
public sealed record WritingReport(string Model, IReadOnlyList<WrittenText> Texts, double Seconds)
{
    /// <summary>Texts that were asked for; stopped, fewer may be there.</summary>
    public required int Asked { get; init; }

    /// <summary>Tokens that were written.</summary>
    public int Tokens => Texts.Sum(text => text.Tokens);

    /// <summary>Whether it was stopped before all were written.</summary>
    public bool IsStopped => Texts.Count < Asked || Texts.Any(text => text.Finish == FinishReason.Stopped);
}
