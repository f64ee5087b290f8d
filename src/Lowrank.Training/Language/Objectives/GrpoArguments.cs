namespace Lowrank.Training;

/// <summary>The options of <see cref="GrpoObjective"/> by name.</summary>
static class GrpoArguments
{
    static readonly GrpoOptions standard = new();

    static readonly FreeArgument<string> loss =
        NamedArgument.Word("loss", "how tokens are averaged and ratios held", standard.Form, GrpoOptions.Forms)
            with { AlsoCalled = ["loss_type"] };

    static readonly TypedArgument<double> beta =
        NamedArgument.Number("beta", "weight of the KL to the model as it was", standard.Beta, NumberRange.AtLeast(0));

    static readonly TypedArgument<double> epsilon =
        NamedArgument.Number("clip_epsilon", "how far below 1 a ratio still counts", standard.Epsilon, NumberRange.Between(0, 1));

    static readonly FreeArgument<double?> epsilonHigh = NamedArgument.OptionalNumber(
        "epsilon_high", "how far above 1, where not as far as below; in cispo the largest ratio itself", NumberRange.AtLeast(0));

    static readonly FreeArgument<double?> delta = NamedArgument.OptionalNumber(
        "delta", "largest ratio even where the advantage is negative", NumberRange.Above(1));

    static readonly FreeArgument<string> level = NamedArgument.Word(
        "importance_sampling_level", "whether ratios are of tokens or of whole answers", "token", ["token", "sequence"]);

    /// <summary>The longest answer that is written.</summary>
    public static TypedArgument<int> Length { get; } = NamedArgument.Whole(
        "max_completion_length", "the longest answer; dr_grpo divides by it", standard.MaxLength, NumberRange.AtLeast(1));

    static readonly TypedArgument<double> topEntropy = NamedArgument.Number(
        "top_entropy_quantile", "share of tokens, those of the highest entropy, that are learnt", standard.TopEntropy,
        new NumberRange("above 0 to 1", value => value is > 0 and <= 1));

    static readonly TypedArgument<double> entropy = NamedArgument.Number(
        "entropy_coef", "weight of the mean entropy, which is made larger", standard.EntropyWeight, NumberRange.AtLeast(0));

    static readonly TypedArgument<bool> corrects = NamedArgument.Switch(
        "use_bias_correction_kl", "whether the KL is multiplied by the ratio", standard.CorrectsKl);

    static readonly FreeArgument<double?> offPolicy = NamedArgument.OptionalNumber(
        "off_policy_mask_threshold", "how far the model may have gone from a worse answer before it is left out", NumberRange.AtLeast(0));

    static readonly TypedArgument<double> sapoPositive = Steepness("sapo_temperature_pos", "of sapo, where the advantage is positive", 1);
    static readonly TypedArgument<double> sapoNegative = Steepness("sapo_temperature_neg", "of sapo, elsewhere", 1.05);
    static readonly TypedArgument<double> powerPositive = Steepness("vespo_k_pos", "exponent of vespo, at advantages of 0 or more", 2);
    static readonly TypedArgument<double> decayPositive = Steepness("vespo_lambda_pos", "decay of vespo there", 3);
    static readonly TypedArgument<double> powerNegative = Steepness("vespo_k_neg", "exponent of vespo elsewhere", 3);
    static readonly TypedArgument<double> decayNegative = Steepness("vespo_lambda_neg", "decay of vespo there", 2);

    static TypedArgument<double> Steepness(string name, string help, double value) =>
        NamedArgument.Number(name, help, value, NumberRange.Above(0));

    /// <summary>All of them.</summary>
    public static IReadOnlyList<NamedArgument> All { get; } =
    [
        loss, beta, epsilon, epsilonHigh, delta, level, Length, topEntropy, entropy, corrects, offPolicy, sapoPositive, sapoNegative,
        powerPositive, decayPositive, powerNegative, decayNegative,
    ];

    /// <summary>Options of what was given by name.</summary>
    public static GrpoOptions Read(IReadOnlyDictionary<string, string> given) => new()
    {
        Form = loss.In(given), Beta = beta.In(given), Epsilon = epsilon.In(given), EpsilonHigh = epsilonHigh.In(given),
        Delta = delta.In(given), BySequence = level.In(given) == "sequence", MaxLength = Length.In(given),
        TopEntropy = topEntropy.In(given), EntropyWeight = entropy.In(given), CorrectsKl = corrects.In(given),
        OffPolicyThreshold = offPolicy.In(given), SapoPositive = sapoPositive.In(given), SapoNegative = sapoNegative.In(given),
        VespoPowerPositive = powerPositive.In(given), VespoDecayPositive = decayPositive.In(given),
        VespoPowerNegative = powerNegative.In(given), VespoDecayNegative = decayNegative.In(given),
    };
}
