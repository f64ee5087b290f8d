namespace Lowrank.Training;

/// <summary>How answers that the model wrote are learnt by their advantages. The defaults are TRL 1.16's.</summary>
public sealed record GrpoOptions
{
    /// <summary>
    /// How tokens are averaged and ratios held: dapo (over the tokens of the step), grpo (each answer first), bnpo (over the batch's
    /// tokens), dr_grpo (by rows times <see cref="MaxLength"/>), cispo, luspo, sapo or vespo. Default dapo.
    /// </summary>
    public string Form { get; init; } = "dapo";

    /// <summary>Weight of the KL to the reference, 0 or more; at 0 no reference is asked. Default 0.</summary>
    public double Beta { get; init; }

    /// <summary>How far below 1 a ratio still counts, 0 to 1. Default 0.2.</summary>
    public double Epsilon { get; init; } = 0.2;

    /// <summary>How far above 1, 0 or more; null: as far as below. In cispo the largest ratio itself (5 is usual).</summary>
    public double? EpsilonHigh { get; init; }

    /// <summary>Largest ratio even where the advantage is negative, above 1 (arXiv 2505.07686); null: none.</summary>
    public double? Delta { get; init; }

    /// <summary>Whether a ratio is of an answer, the exponential of its tokens' mean (GSPO, arXiv 2507.18071), or of each token. Default
    /// false: of each token.</summary>
    public bool BySequence { get; init; }

    /// <summary>The longest answer, tokens, 1 or more; dr_grpo divides by it. Default 256.</summary>
    public int MaxLength { get; init; } = 256;

    /// <summary>Share of the batch's tokens, those of the highest entropy, that are learnt (arXiv 2506.01939), above 0 to 1. Default
    /// 1.</summary>
    public double TopEntropy { get; init; } = 1;

    /// <summary>Weight of the mean entropy, which is made larger, 0 or more. Default 0.</summary>
    public double EntropyWeight { get; init; }

    /// <summary>Whether the KL is multiplied by the ratio, which makes its estimate unbiased. Default true.</summary>
    public bool CorrectsKl { get; init; } = true;

    /// <summary>How far, in nats a token, the model may have gone from an answer that it wrote and that was none of the better ones, before
    /// the answer is left out; 0 or more (arXiv 2512.02556). Null: never.</summary>
    public double? OffPolicyThreshold { get; init; }

    /// <summary>Of sapo: steepness where the advantage is positive, above 0. Default 1.</summary>
    public double SapoPositive { get; init; } = 1;

    /// <summary>Of sapo: steepness elsewhere, above 0. Default 1.05.</summary>
    public double SapoNegative { get; init; } = 1.05;

    /// <summary>Of vespo: exponent where the advantage is 0 or more, above 0. Default 2.</summary>
    public double VespoPowerPositive { get; init; } = 2;

    /// <summary>Of vespo: decay there, above 0. Default 3.</summary>
    public double VespoDecayPositive { get; init; } = 3;

    /// <summary>Of vespo: exponent elsewhere, above 0. Default 3.</summary>
    public double VespoPowerNegative { get; init; } = 3;

    /// <summary>Of vespo: decay elsewhere, above 0. Default 2.</summary>
    public double VespoDecayNegative { get; init; } = 2;

    /// <summary>The forms.</summary>
    public static IReadOnlyList<string> Forms { get; } = ["dapo", "grpo", "bnpo", "dr_grpo", "cispo", "luspo", "sapo", "vespo"];

    /// <summary>Throws one error that lists every fault.</summary>
    public void Check()
    {
        var faults = new ObjectiveFaults();
        faults.Where(!Forms.Contains(Form), $"there is no form {Form}; there are {string.Join(", ", Forms)}");
        faults.Range("beta", Beta, NumberRange.AtLeast(0));
        faults.Range("clip_epsilon", Epsilon, NumberRange.Between(0, 1));
        faults.Range("epsilon_high", EpsilonHigh, NumberRange.AtLeast(0));
        faults.Range("delta", Delta, NumberRange.Above(1));
        faults.Range("max_completion_length", MaxLength, NumberRange.AtLeast(1));
        faults.Where(!(TopEntropy is > 0 and <= 1), $"top_entropy_quantile is {PlainValue.Text(TopEntropy)} (above 0 to 1)");
        faults.Range("entropy_coef", EntropyWeight, NumberRange.AtLeast(0));
        faults.Range("off_policy_mask_threshold", OffPolicyThreshold, NumberRange.AtLeast(0));
        faults.Range("sapo_temperature_pos", SapoPositive, NumberRange.Above(0));
        faults.Range("sapo_temperature_neg", SapoNegative, NumberRange.Above(0));
        faults.Range("vespo_k_pos", VespoPowerPositive, NumberRange.Above(0));
        faults.Range("vespo_lambda_pos", VespoDecayPositive, NumberRange.Above(0));
        faults.Range("vespo_k_neg", VespoPowerNegative, NumberRange.Above(0));
        faults.Range("vespo_lambda_neg", VespoDecayNegative, NumberRange.Above(0));
        faults.Throw("grpo");
    }
}
