namespace Lowrank.Workbench;

/// <summary>An adapter that is to be trained.</summary>
/// <param name="Recipe">How; it tells its own faults when the run opens it.</param>
public sealed record TrainingRequest(TrainingRecipe Recipe) : IJobRequest
{
    /// <inheritdoc/>
    public IEnumerable<string> Faults() => [];

    /// <inheritdoc/>
    public IJobRequest Placed(Func<string, string> find) => this with
    {
        Recipe = Recipe
            .With<ModelSection>(model => model with { BaseModel = find(model.BaseModel), BaseModelConfig = find(model.BaseModelConfig) })
            .With<NetworkSection>(network => network with { InitAdapter = find(network.InitAdapter) }),
    };
}
