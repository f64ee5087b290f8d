namespace Lowrank.Torch;

/// <summary>The AdamW that transformers had until its fourth version, with which the LoRA paper was computed.</summary>
/// <remarks>
/// ε is added before the root of the variance is corrected, and decay acts on what a parameter is after its step. The paper's own code
/// (microsoft/LoRA, examples/NLG/src/optimizer.py) leaves the correction out, unless asked for it.
/// </remarks>
static class FormerAdamW
{
    static readonly AdamWOptions standard = new(Epsilon: 1e-6, WeightDecay: 0) { EpsilonBeforeCorrection = true, DecaysLast = true };

    static readonly TypedArgument<double> beta1 =
        NamedArgument.Number("beta1", "AdamW's beta1", standard.Beta1, NumberRange.ShareBelowOne) with { AlsoCalled = ["adam_beta1"] };

    static readonly TypedArgument<double> beta2 =
        NamedArgument.Number("beta2", "AdamW's beta2", standard.Beta2, NumberRange.ShareBelowOne) with { AlsoCalled = ["adam_beta2"] };

    static readonly TypedArgument<double> epsilon =
        NamedArgument.Number("epsilon", "AdamW's epsilon", standard.Epsilon, NumberRange.Above(0)) with { AlsoCalled = ["adam_epsilon"] };

    static readonly TypedArgument<double> weightDecay =
        NamedArgument.Number("weight_decay", "Weight decay", standard.WeightDecay, NumberRange.AtLeast(0)) with
        {
            AlsoCalled = ["adam_weight_decay"],
        };

    static readonly TypedArgument<bool> correctBias =
        NamedArgument.Switch("correct_bias", "adamw_hf: correct the means of the first steps for their beginning at zero", true);

    /// <summary>It in the list of optimizers.</summary>
    public static OptimizerDescriptor Descriptor { get; } = new(
        "adamw_hf", "transformers' former AdamW: epsilon before the correction, decay after the step", Create)
    {
        OtherNames = ["transformers.AdamW"],
        Arguments = [beta1, beta2, epsilon, weightDecay, correctBias],
    };

    static FusedAdamW Create(IEnumerable<ParameterGroup> groups, IReadOnlyDictionary<string, string> given) => new(groups, standard with
    {
        Beta1 = beta1.In(given),
        Beta2 = beta2.In(given),
        Epsilon = epsilon.In(given),
        WeightDecay = weightDecay.In(given),
        CorrectsBias = correctBias.In(given),
    });
}
