namespace Lowrank.Diffusion;

/// <summary>The files that a web UI's request may name.</summary>
/// <param name="Checkpoints">Base models.</param>
/// <param name="Vaes">Autoencoders, by file name.</param>
public sealed record WebUiFiles(IReadOnlyList<CheckpointTitle> Checkpoints, IReadOnlyList<string> Vaes)
{
    /// <summary>The base model that is meant.</summary>
    /// <exception cref="LowrankException">There is none; the nearest names are told.</exception>
    public CheckpointTitle Checkpoint(string asked)
    {
        if (CheckpointTitle.Find(asked, Checkpoints) is { } found) return found;
        string nearest = Checkpoints.Count == 0
            ? "there is none at all"
            : NearestNames.Told(asked, Checkpoints.Select(one => one.Name));
        throw new LowrankException($"there is no base model \"{asked}\"; {nearest}");
    }
}
