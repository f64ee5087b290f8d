namespace Lowrank.Training;

/// <summary>
/// What was learnt up to some step, kept in memory: where a run diverges before its first checkpoint, or long after its last one, that is
/// saved in the end.
/// </summary>
/// <remarks>A copy counts as sound once the step after it gave a loss that is a number, as a checkpoint does.</remarks>
/// <param name="adapter">What is trained.</param>
sealed class SoundCopy(Adapter adapter) : IDisposable
{
    /// <summary>Steps between copies. In the first ones, where a rate that is too high shows, there is a copy after each.</summary>
    public const int Every = 10;

    // A second copy of whole weights would take more memory than a run should need beside its own.
    const long MostBytes = 1L << 30;

    readonly IReadOnlyList<Parameter> parts = [.. adapter.Trainable];
    (int Step, IReadOnlyList<Tensor> Values) newest, proved;

    /// <summary>Steps in the copy that is known to be sound; 0 where there is none.</summary>
    public int Step => proved.Step;

    /// <summary>A step after the newest copy was sound, and so the copy is.</summary>
    public void Confirm()
    {
        if (newest.Step <= proved.Step) return;
        (newest, proved) = (proved, newest);
    }

    /// <summary>Takes a copy, if one is due after this step.</summary>
    public void TakeIfDue(int step)
    {
        bool isDue = step < Every || step % Every == 0;
        if (!isDue || parts.Sum(part => part.numel() * part.element_size()) > MostBytes) return;
        using var grad = no_grad();
        using var scope = NewDisposeScope();
        newest.Values ??= [.. parts.Select(part => empty_like(part, device: part.device).DetachFromDisposeScope())];
        foreach (var (part, value) in parts.Zip(newest.Values)) value.copy_(part);
        newest.Step = step;
    }

    /// <summary>Gives the adapter the values of the sound copy back.</summary>
    public void Restore()
    {
        using var grad = no_grad();
        using var scope = NewDisposeScope();
        foreach (var (part, value) in parts.Zip(proved.Values)) part.copy_(value);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var value in (newest.Values ?? []).Concat(proved.Values ?? [])) value.Dispose();
    }
}
