namespace Lowrank.Diffusion;

/// <summary>How far a request for pictures has come.</summary>
/// <param name="Step">Steps done of the batch at work, 1 to <paramref name="Steps"/>.</param>
/// <param name="Steps">Steps of a batch.</param>
/// <param name="Picture">Pictures finished before this batch.</param>
/// <param name="Pictures">Pictures asked for.</param>
public sealed record SamplingProgress(int Step, int Steps, int Picture, int Pictures)
{
    /// <summary>Share done, 0 to 1, of a batch of <paramref name="batch"/> pictures and all before it.</summary>
    public double Share(int batch) => Math.Min(1, (Picture + (double)Step / Steps * batch) / Pictures);
}
