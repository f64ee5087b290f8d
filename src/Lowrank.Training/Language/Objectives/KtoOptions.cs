namespace Lowrank.Training;

/// <summary>How answers that are wanted or unwanted by themselves are learnt. The defaults are TRL's.</summary>
public sealed record KtoOptions
{
    /// <summary>kto, or apo_zero_unpaired, which needs no prompts with others' answers. Default kto.</summary>
    public string Form { get; init; } = "kto";

    /// <summary>How much the log ratios to the reference weigh, above 0. Default 0.1.</summary>
    public double Beta { get; init; } = 0.1;

    /// <summary>Weight of wanted answers, 0 or more. Default 1.</summary>
    public double WantedWeight { get; init; } = 1;

    /// <summary>Weight of unwanted answers, 0 or more. Default 1.</summary>
    public double UnwantedWeight { get; init; } = 1;

    /// <summary>The forms.</summary>
    public static IReadOnlyList<string> Forms { get; } = ["kto", "apo_zero_unpaired"];

    /// <summary>Throws one error that lists every fault.</summary>
    public void Check()
    {
        var faults = new ObjectiveFaults();
        faults.Where(!Forms.Contains(Form), $"there is no form {Form}; there are {string.Join(", ", Forms)}");
        faults.Range("beta", Beta, NumberRange.Above(0));
        faults.Range("desirable_weight", WantedWeight, NumberRange.AtLeast(0));
        faults.Range("undesirable_weight", UnwantedWeight, NumberRange.AtLeast(0));
        faults.Throw("kto");
    }
}
