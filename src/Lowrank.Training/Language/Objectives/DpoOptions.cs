namespace Lowrank.Training;

/// <summary>How a preference between two answers is learnt. The defaults are TRL's.</summary>
public sealed record DpoOptions
{
    /// <summary>Forms of the loss, which are added up; "sigmoid" by default.</summary>
    public IReadOnlyList<string> Forms { get; init; } = ["sigmoid"];

    /// <summary>A weight of each form; none: 1 each.</summary>
    public IReadOnlyList<double> Weights { get; init; } = [];

    /// <summary>How much the log ratios to the reference weigh, above 0; 0.01 to 0.5 are usual. Default 0.1.</summary>
    public double Beta { get; init; } = 0.1;

    /// <summary>Share of pairs that may be the wrong way round, 0 to below 1; for exo_pair above 0, for robust below 0.5. Of the others
    /// aot alone looks at it. Default 0.</summary>
    public double LabelSmoothing { get; init; }

    /// <summary>How sharply discopop mixes, above 0. Default 0.05.</summary>
    public double DiscopopTau { get; init; } = 0.05;

    /// <summary>reverse_kl, forward_kl, js_divergence or alpha_divergence. Default reverse_kl.</summary>
    public string Divergence { get; init; } = "reverse_kl";

    /// <summary>α of alpha_divergence; 1 is reverse_kl. Default 0.5.</summary>
    public double DivergenceAlpha { get; init; } = 0.5;

    /// <summary>Weight of tokens beyond the length of a pair's shorter answer, 0 to 1 (arXiv 2409.06411); null: 1.</summary>
    public double? LengthAlpha { get; init; }

    /// <summary>Whether a pair counts as much as the policy could have written it (WPO, arXiv 2406.11827). Default false.</summary>
    public bool WeighsPairs { get; init; }

    /// <summary>Every form of the loss, with what it is in a line.</summary>
    public static IReadOnlyList<(string Name, string Help)> Known { get; } = [.. PairLosses.All.Select(form => (form.Name, form.Help))];

    /// <summary>Throws one error that lists every fault.</summary>
    public void Check()
    {
        var faults = new ObjectiveFaults();
        faults.Range("beta", Beta, NumberRange.Above(0));
        faults.Range("label_smoothing", LabelSmoothing, NumberRange.ShareBelowOne);
        faults.Range("discopop_tau", DiscopopTau, NumberRange.Above(0));
        faults.Range("ld_alpha", LengthAlpha, NumberRange.Between(0, 1));
        faults.Range("f_alpha_divergence_coef", DivergenceAlpha, NumberRange.Finite);
        faults.Where(Forms.Count == 0, "no form of the loss is named: sigmoid is usual");
        faults.Where(Weights.Count > 0 && Weights.Count != Forms.Count, $"{Weights.Count} weights for {Forms.Count} forms");
        faults.Where(Weights.Any(weight => !double.IsFinite(weight)), "a weight is not a number");
        var forms = Forms.Select(PairLosses.Named).ToList();
        faults.Where(Has("exo_pair") && LabelSmoothing == 0, "exo_pair needs a label_smoothing above 0; 0.001 is usual");
        faults.Where(Has("robust") && LabelSmoothing >= 0.5, "robust needs a label_smoothing below 0.5");
        bool others = Divergence != "reverse_kl";
        foreach (var form in forms.Where(form => others && !form.HeedsDivergence && form.Name != "sft"))
            faults.Where(true, $"{form.Name} knows the divergence reverse_kl alone, not {Divergence}");
        string known = string.Join(", ", Divergences.Names);
        faults.Where(!Divergences.Names.Contains(Divergence), $"there is no divergence {Divergence}; there are {known}");
        faults.Throw("dpo");

        bool Has(string name) => forms.Any(form => form.Name == name);
    }
}
