namespace Lowrank.Diffusion;

/// <summary>A request's refiner with what it is told.</summary>
sealed class EncodedRefiner
{
    readonly RefinerOptions refiner;
    readonly RequestPrompts prompts;
    readonly DenoisingNetwork network;

    /// <summary>Reads and encodes a request's prompts for it.</summary>
    /// <param name="refiner">The refiner.</param>
    /// <param name="options">The request.</param>
    /// <param name="pass">The evaluations that prompts are read for.</param>
    /// <param name="precision">In which dtype its network is computed.</param>
    /// <param name="device">Where it lies.</param>
    public EncodedRefiner(RefinerOptions refiner, GenerateOptions options, PromptPass pass, Precision precision, Device device)
    {
        this.refiner = refiner;
        prompts = RequestPrompts.Encode(refiner.Model, refiner.Reading(options), device, pass);
        network = new DenoisingNetwork(refiner.Model.UNet, precision.Compute, device);
    }

    /// <summary>Its part in the way of some pictures.</summary>
    /// <param name="rows">Numbers of their prompts.</param>
    /// <param name="sizes">Sizes that XL is told; of its refiner's, the score is its own.</param>
    /// <param name="negativeSizes">The same for negative prompts.</param>
    /// <param name="beside">What an inpainting model is shown beside the latents; null for nothing.</param>
    /// <param name="plan">The way.</param>
    public Refinement For(
        IReadOnlyList<int> rows, SizeConditions sizes, SizeConditions negativeSizes, Tensor? beside, SamplingPlan plan)
    {
        var shown = RefinerOptions.ShowsMask(refiner.Model) ? beside : null;
        bool isOverTimesteps = plan.Steps[0].From.Alpha != 1;
        return new(network, prompts.For(network, rows, sizes, negativeSizes, shown),
            (level, _) => plan.Table.ShareDone(level, isOverTimesteps) >= refiner.SwitchAt);
    }
}
