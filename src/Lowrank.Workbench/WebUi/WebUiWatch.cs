namespace Lowrank.Workbench;

/// <summary>Looks over a job's shoulder; every tensor is the job's own, and is gone after the call.</summary>
public sealed record WebUiWatch
{
    /// <summary>Told the levels of each pass, before it begins.</summary>
    public Action<SamplingPlan>? Walks { get; init; }

    /// <summary>Told the step of the pass, from 0, level and clean estimate of every answer that is read.</summary>
    public Action<int, NoiseLevel, Tensor>? Predicted { get; init; }

    /// <summary>Told the steps done in a pass.</summary>
    public Action<int>? AfterStep { get; init; }

    /// <summary>Told the latents of pictures that are changed or drawn larger, as the autoencoder says them.</summary>
    public Action<Tensor>? Encoded { get; init; }

    /// <summary>Told the latents that a second pass is made of, before they are enlarged.</summary>
    public Action<Tensor>? FirstPass { get; init; }

    /// <summary>Told latents before they are decoded.</summary>
    public Action<Tensor>? Decoding { get; init; }
}
