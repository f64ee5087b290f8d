namespace Lowrank.Torch;

/// <summary>Arguments that many optimizers share; each has a default of its own.</summary>
static class OptimizerArguments
{
    /// <summary>β1.</summary>
    public static TypedArgument<double> Beta1(double standard = 0.9) =>
        NamedArgument.Number("beta1", "Share of the mean of gradients that is kept", standard, NumberRange.ShareBelowOne) with
        {
            AlsoCalled = ["adam_beta1"],
        };

    /// <summary>β2.</summary>
    public static TypedArgument<double> Beta2(double standard = 0.999) =>
        NamedArgument.Number("beta2", "Share of the mean of squares that is kept", standard, NumberRange.ShareBelowOne) with
        {
            AlsoCalled = ["adam_beta2"],
        };

    /// <summary>ε.</summary>
    public static TypedArgument<double> Epsilon(double standard = 1e-8) =>
        NamedArgument.Number("epsilon", "Added to what divides", standard, NumberRange.Above(0)) with
        {
            AlsoCalled = ["adam_epsilon"],
        };

    /// <summary>Weight decay.</summary>
    public static TypedArgument<double> WeightDecay(double standard = 0) =>
        NamedArgument.Number("weight_decay", "Weight decay", standard, NumberRange.AtLeast(0)) with
        {
            AlsoCalled = ["adam_weight_decay"],
        };

    /// <summary>Whether decay acts on the parameter, and not on its gradient.</summary>
    public static TypedArgument<bool> Decoupled(bool standard = false) =>
        NamedArgument.Switch(
            "decoupled_weight_decay", "Whether weight decay acts on the parameter (true) or is added to the gradient", standard);

    /// <summary>How far a rate that finds itself may grow in a step.</summary>
    public static FreeArgument<double?> GrowthRate() =>
        NamedArgument.OptionalNumber(
            "growth_rate", "how many times the rate that finds itself may grow in a step; 1.02 is usual, none sets no limit",
            NumberRange.Above(1));

    /// <summary>Where a rate that finds itself begins.</summary>
    public static TypedArgument<double> FirstEstimate() =>
        NamedArgument.Number("d0", "where the rate that finds itself begins", 1e-6, NumberRange.Above(0));

    /// <summary>Whether the means' beginning at zero is corrected.</summary>
    public static TypedArgument<bool> BiasCorrection() =>
        NamedArgument.Switch(
            "use_bias_correction", "prodigy, d-adaptation: correct the means of the first steps for their beginning at zero");

    /// <summary>Whether decay acts on the parameter, in the words of Prodigy and D-Adaptation.</summary>
    public static TypedArgument<bool> Decouple(bool standard) =>
        NamedArgument.Switch(
            "decouple", "prodigy, d-adaptation: whether weight decay acts on the parameter (true) or is added to the gradient", standard);
}
