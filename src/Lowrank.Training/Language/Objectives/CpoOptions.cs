namespace Lowrank.Training;

/// <summary>How a preference is learnt without a reference. The defaults are TRL's of CPO.</summary>
public sealed record CpoOptions
{
    /// <summary>SimPO's own defaults.</summary>
    public static CpoOptions SimPo { get; } = new() { Form = "simpo", Beta = 2, NllWeight = 0 };

    /// <summary>sigmoid, hinge, ipo or simpo. Default sigmoid.</summary>
    public string Form { get; init; } = "sigmoid";

    /// <summary>How much log-probabilities weigh, above 0. Default 0.1.</summary>
    public double Beta { get; init; } = 0.1;

    /// <summary>Weight of the chosen answers' own loss, 0 or more. Default 1.</summary>
    public double NllWeight { get; init; } = 1;

    /// <summary>Margin that simpo wants, 0 or more; it is divided by β before it is multiplied by it. Default 0.5.</summary>
    public double Gamma { get; init; } = 0.5;

    /// <summary>α of AlphaPO's reward (1 − p^−α)/α (arXiv 2501.03884); 0: log p. Default 0.</summary>
    public double Alpha { get; init; }

    /// <summary>Share of pairs that may be the wrong way round, 0 to below 0.5; for sigmoid and simpo. Default 0.</summary>
    public double LabelSmoothing { get; init; }

    /// <summary>The forms.</summary>
    public static IReadOnlyList<string> Forms { get; } = ["sigmoid", "hinge", "ipo", "simpo"];

    /// <summary>Throws one error that lists every fault.</summary>
    public void Check()
    {
        var faults = new ObjectiveFaults();
        faults.Where(!Forms.Contains(Form), $"there is no form {Form}; there are {string.Join(", ", Forms)}");
        faults.Range("beta", Beta, NumberRange.Above(0));
        faults.Range("cpo_alpha", NllWeight, NumberRange.AtLeast(0));
        faults.Range("simpo_gamma", Gamma, NumberRange.AtLeast(0));
        faults.Range("alphapo_alpha", Alpha, NumberRange.Finite);
        faults.Range("label_smoothing", LabelSmoothing, NumberRange.ShareBelowOne);
        faults.Throw("cpo");
    }
}
