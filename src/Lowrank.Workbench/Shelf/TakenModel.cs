namespace Lowrank.Workbench;

/// <summary>A model that a job has for itself until it disposes this.</summary>
public sealed class TakenModel : IDisposable
{
    Action? giveBack;

    internal TakenModel(BaseModel model, Action giveBack) => (Model, this.giveBack) = (model, giveBack);

    /// <summary>The model. What the job changes in it (adapters, words), it takes back.</summary>
    public BaseModel Model { get; }

    /// <summary>The model as the kind that the job works with.</summary>
    /// <typeparam name="T">The kind's class.</typeparam>
    /// <param name="purpose">What the job does with it: "drawn with".</param>
    /// <exception cref="LowrankException">It is of another kind.</exception>
    public T As<T>(string purpose) where T : BaseModel
    {
        if (Model is T model) return model;
        throw new LowrankException($"{Model.Location} is a model of {Model.Describe().Family.Title}, which cannot be {purpose}. " +
            "Give a model of another kind.");
    }

    /// <summary>Gives the model back to the shelf.</summary>
    public void Dispose() => Interlocked.Exchange(ref giveBack, null)?.Invoke();
}
