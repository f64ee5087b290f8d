namespace Lowrank.Workbench;

/// <summary>Looks over a job's shoulder; every tensor is the job's own, and is gone after the call.</summary>
public sealed record WebUiWatch
{
    /// <summary>Told pass (from 0), step in it, level, and the clean estimate, for every answer that is read.</summary>
    public Action<int, int, NoiseLevel, Tensor>? Predicted { get; init; }

    /// <summary>Told pass and steps done in it.</summary>
    public Action<int, int>? AfterStep { get; init; }

    /// <summary>Told the start latents of pictures that are changed or drawn larger.</summary>
    public Action<Tensor>? Encoded { get; init; }

    /// <summary>Told the latents that a second pass is made of, before they are enlarged.</summary>
    public Action<Tensor>? FirstPass { get; init; }

    /// <summary>Told latents before they are decoded.</summary>
    public Action<Tensor>? Decoding { get; init; }
}
