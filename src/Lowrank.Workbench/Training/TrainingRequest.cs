namespace Lowrank.Workbench;

/// <summary>An adapter that is to be trained.</summary>
/// <param name="Recipe">How; it tells its own faults when the run opens it.</param>
public sealed record TrainingRequest(TrainingRecipe Recipe) : IJobRequest
{
    /// <inheritdoc/>
    public IEnumerable<string> Faults() => [];
}
