namespace Lowrank.Language;

/// <summary>A way to measure models by a data file.</summary>
/// <param name="Name">How it is asked for.</param>
/// <param name="Meaning">What is measured.</param>
/// <param name="Needs">What its files hold.</param>
/// <param name="Fits">Whether a file looks like one of its.</param>
/// <param name="Read">The rows of a file that fits.</param>
public sealed record EvaluationTask(
    string Name, string Meaning, string Needs, Func<DataFile, bool> Fits, Func<DataFile, EvaluationData> Read)
{
    /// <summary>The rows of a file.</summary>
    /// <exception cref="LowrankException">The file holds something else, or no row that can be measured.</exception>
    public EvaluationData Of(DataFile file)
    {
        ArgumentNullException.ThrowIfNull(file);
        if (!Fits(file)) throw new LowrankException($"{file.Path} holds {file.Told}, and {Name} needs {Needs}.");
        var data = Read(file);
        return data.Count > 0 ? data : throw new LowrankException($"{file.Path}: no row is left. {string.Join(' ', data.Notes)}");
    }
}
