namespace Lowrank.Diffusion;

/// <summary>A request's refiner with what it is told.</summary>
sealed class EncodedRefiner
{
    readonly RefinerOptions refiner;
    readonly StepTimeline<RequestPrompts> prompts;
    readonly DenoisingNetwork network;

    /// <summary>Puts them together.</summary>
    /// <param name="refiner">The refiner.</param>
    /// <param name="prompts">What its text encoders say, by the step from which on they say it so.</param>
    /// <param name="precision">In which dtype its network is computed.</param>
    /// <param name="device">Where it lies.</param>
    public EncodedRefiner(RefinerOptions refiner, StepTimeline<RequestPrompts> prompts, Precision precision, Device device)
    {
        this.refiner = refiner;
        this.prompts = prompts;
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
        return new(network, Told(0), (level, _) => plan.Table.ShareDone(level, isOverTimesteps) >= refiner.SwitchAt)
        {
            ToldInTurn = prompts.HasTurns ? new(prompts.Turns, Told) : null,
        };

        StepTimeline<PromptConditions> Told(int step) => prompts.At(step).For(network, rows, sizes, negativeSizes, shown);
    }
}
