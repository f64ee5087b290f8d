namespace Lowrank.Training;

/// <summary>What an objective must be given.</summary>
/// <param name="Model">What the model says.</param>
public sealed record ObjectiveNeeds(ObjectiveModel Model)
{
    /// <summary>How rows lie in a batch. Default <see cref="ObjectiveRows.Plain"/>.</summary>
    public ObjectiveRows Rows { get; init; } = ObjectiveRows.Plain;

    /// <summary>What is asked of each token; null where the model writes nothing.</summary>
    public TokenQuestion? Tokens { get; init; }

    /// <summary>Whether the same tokens are asked of the reference too: the model as it was before training.</summary>
    public bool Reference { get; init; }

    /// <summary>Whether pairs are rows by the older rules of TRL, whose trainers of it have them still: see
    /// OlderPreferenceRows. Default false.</summary>
    public bool OlderRows { get; init; }

    /// <summary>Whether dropouts are off where nobody says otherwise, as TRL has them: what is compared with another pass is not to differ
    /// by chance. Default false.</summary>
    public bool LeavesOutChance { get; init; }

    /// <summary>Whether rows of prompts with others' answers are asked of both.</summary>
    public bool Mismatched { get; init; }
}
