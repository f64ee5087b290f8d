namespace Lowrank.Workbench;

/// <summary>A model that a job has for itself until it disposes this.</summary>
public sealed class TakenModel : IDisposable
{
    Action? giveBack;

    internal TakenModel(StableDiffusion model, Action giveBack) => (Model, this.giveBack) = (model, giveBack);

    /// <summary>The model. What the job changes in it (adapters, words), it takes back.</summary>
    public StableDiffusion Model { get; }

    /// <summary>Gives the model back to the shelf.</summary>
    public void Dispose() => Interlocked.Exchange(ref giveBack, null)?.Invoke();
}
