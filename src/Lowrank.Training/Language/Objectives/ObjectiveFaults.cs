namespace Lowrank.Training;

/// <summary>What is wrong with an objective's options, told all at once.</summary>
sealed class ObjectiveFaults
{
    readonly List<string> faults = [];

    public void Range(string name, double? value, NumberRange range)
    {
        if (value is { } number && range.Fault(name, number) is { } fault) faults.Add(fault);
    }

    public void Where(bool isWrong, string fault)
    {
        if (isWrong) faults.Add(fault);
    }

    public void Throw(string objective)
    {
        if (faults.Count > 0) throw new LowrankException($"{objective}: {string.Join("; ", faults)}.");
    }
}
