namespace Lowrank.Training;

/// <summary>What a language model is trained for: a pure function of what it says of a batch.</summary>
public interface IObjective
{
    /// <summary>What it must be given.</summary>
    ObjectiveNeeds Needs { get; }

    /// <summary>What was chosen for it and is not used, with the reason; none for most.</summary>
    IReadOnlyList<string> Notes => [];

    /// <summary>The loss of a batch, and what is told of it.</summary>
    /// <param name="input">As much as <see cref="Needs"/> name.</param>
    /// <exception cref="LowrankException">Something that it needs is missing, or does not fit.</exception>
    ObjectiveLoss Loss(ObjectiveInput input);
}
