namespace Lowrank.Training;

/// <summary>What a run trains on what: a model that is adapted, data, losses, samples, and what a file tells of them.</summary>
public interface ITrainingJob : IDisposable
{
    /// <summary>The model as adapters see it.</summary>
    ModelDescription Model { get; }

    /// <summary>The data.</summary>
    TrainingData Data { get; }

    /// <summary>Batches and their losses.</summary>
    ITrainingTask Task { get; }

    /// <summary>The adapter is made, and training begins.</summary>
    void Begin(Adapter adapter);

    /// <summary>Shows what the adapter can do so far, if the recipe asks for that after this step.</summary>
    /// <param name="adapter">The adapter; it trains on afterwards.</param>
    /// <param name="step">Steps done.</param>
    void Show(Adapter adapter, int step);

    /// <summary>What a file tells of the run.</summary>
    IReadOnlyDictionary<string, string> Metadata(RunProgress progress);

    /// <summary>The <c>modelspec</c> facts of a file.</summary>
    ModelSpec Spec(RunProgress progress);
}
