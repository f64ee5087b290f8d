namespace Lowrank.Diffusion;

/// <summary>What the network is told in a step, for the prompts and against them.</summary>
public sealed class PromptConditions
{
    /// <summary>Conditions of one step.</summary>
    /// <param name="positive">For the prompts.</param>
    /// <param name="negative">For the negative prompts; null where no guider asks for them.</param>
    public PromptConditions(NetworkCondition positive, NetworkCondition? negative)
    {
        (Positive, Negative) = (positive, negative);
        NegativeThenPositive = negative?.Then(positive);
    }

    /// <summary>For the prompts, a row each.</summary>
    public NetworkCondition Positive { get; }

    /// <summary>For the negative prompts, a row each; null where none are asked for.</summary>
    public NetworkCondition? Negative { get; }

    /// <summary>Both in one batch of twice the rows, joined once a run; null without negative ones.</summary>
    public NetworkCondition? NegativeThenPositive { get; }
}
