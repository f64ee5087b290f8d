namespace Lowrank.Training;

/// <summary>What a run trains on what: a model that is adapted, data, losses, samples, and what a file tells of them.</summary>
public interface ITrainingJob : IDisposable
{
    /// <summary>The model as adapters see it.</summary>
    ModelDescription Model { get; }

    /// <summary>The data.</summary>
    TrainingData Data { get; }

    /// <summary>What the run is made of: a run that goes on has to find the same.</summary>
    IReadOnlyList<TrainingOrigin> Origins { get; }

    /// <summary>What is taken of data and model, and what is not.</summary>
    Account Account { get; }

    /// <summary>Does what takes long and has to be done before the first batch: encodes the data.</summary>
    /// <param name="listener">Told how far it is.</param>
    /// <param name="cancel">Looked at between examples.</param>
    void Prepare(ITrainingListener listener, CancellationToken cancel);

    /// <summary>Batches and their losses, once it is prepared.</summary>
    ITrainingTask Task { get; }

    /// <summary>Whether dropouts of the adapter are at work while it is trained.</summary>
    bool Drops => true;

    /// <summary>The adapter is made, and training begins.</summary>
    void Begin(Adapter adapter);

    /// <summary>Shows what the adapter can do so far, if the recipe asks for that after this step.</summary>
    /// <param name="adapter">The adapter; it trains on afterwards.</param>
    /// <param name="step">Steps done.</param>
    void Show(Adapter adapter, int step);

    /// <summary>Layers that are trained whole beside what the recipe adapts: a head.</summary>
    IReadOnlyList<PlannedTarget> Whole => [];

    /// <summary>The dialects in which its adapters are saved, the first that holds them; then any other that does.</summary>
    IReadOnlyList<string> Dialects => ["kohya", "peft"];

    /// <summary>An adapter was written: what belongs beside it may be put there.</summary>
    /// <param name="path">The file, or the folder.</param>
    void Saved(string path) { }

    /// <summary>What a file tells of the run.</summary>
    IReadOnlyDictionary<string, string> Metadata(RunProgress progress);

    /// <summary>The <c>modelspec</c> facts of a file.</summary>
    ModelSpec Spec(RunProgress progress);
}
