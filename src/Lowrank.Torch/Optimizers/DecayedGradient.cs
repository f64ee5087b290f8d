namespace Lowrank.Torch;

/// <summary>The two places of weight decay: in the gradient, or off the parameter.</summary>
static class DecayedGradient
{
    /// <summary>The gradient with which a step goes on; where decay is decoupled the parameter is made smaller here.</summary>
    public static Tensor Of(TrainedParameter one, double decay, bool isDecoupled)
    {
        if (!isDecoupled) return one.Pulled(decay);
        one.Decay(one.Rate * decay);
        return one.Gradient;
    }
}
