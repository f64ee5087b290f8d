using System.Globalization;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;

namespace Lowrank.Training;

/// <summary>The files that a run writes, all in one folder and named after the run.</summary>
/// <param name="saving">Folder and name.</param>
public sealed partial class TrainingFiles(SavingSection saving)
{
    const string ending = ".safetensors";

    /// <summary>The finished adapter.</summary>
    public string Adapter => In($"{saving.Name}.safetensors");

    /// <summary>The whole recipe; not NAME.yaml, which may be the user's own.</summary>
    public string Recipe => In($"{saving.Name}.recipe.yaml");

    /// <summary>What a resumed run begins with.</summary>
    public string State => In($"{saving.Name}.state.safetensors");

    /// <summary>A state whose next step is still to show that it is sound.</summary>
    [JsonIgnore]   // it is there between two steps alone
    public string UnprovedState => In($"{saving.Name}.state.unproved.safetensors");

    /// <summary>What was taken of what was given, and what was not.</summary>
    public string Account => In($"{saving.Name}.account.json");

    /// <summary>A line of JSON for each step.</summary>
    public string Metrics => In($"{saving.Name}.metrics.jsonl");

    /// <summary>Folder of TensorBoard events.</summary>
    public string Logs => In(Path.Combine("logs", saving.Name));

    // The finished adapter of a method that is kept in a folder.
    string Folder => In(saving.Name);

    /// <summary>The adapter after some steps.</summary>
    public string Checkpoint(int step) => In($"{After(step)}.safetensors");

    /// <summary>Finished adapter, state and checkpoints that exist: what nobody wants to lose.</summary>
    public IEnumerable<string> Existing()
    {
        foreach (var path in new[] { Adapter, State, UnprovedState })
            if (File.Exists(path)) yield return path;
        if (AdapterPlace.IsFolder(Folder)) yield return Folder;
        foreach (var path in OfSteps(saving.Output, StepEnding().IsMatch)) yield return path;
    }

    /// <summary>The finished adapter that is there, file or folder.</summary>
    internal IReadOnlyList<string> Finished() =>
        [.. Existing().Where(path => path == Adapter || path == Folder)];

    /// <summary>What an earlier run of this name left of its steps: checkpoints, samples and states.</summary>
    internal IReadOnlyList<string> Steps() =>
    [
        .. OfSteps(saving.Output, StepEnding().IsMatch), .. OfSteps(In("samples"), SampleEnding().IsMatch),
        .. new[] { State, UnprovedState }.Where(File.Exists),
    ];

    /// <summary>Removes what an earlier run of this name left of its steps: checkpoints, samples and states.</summary>
    public void ClearSteps()
    {
        foreach (var path in Steps())
            if (Directory.Exists(path)) Directory.Delete(path, recursive: true);
            else File.Delete(path);
    }

    // What is named after this run and some of its steps, and after no other run whose name only begins alike.
    IEnumerable<string> OfSteps(string folder, Predicate<string> ends)
    {
        if (!Directory.Exists(folder)) return [];
        string start = $"{saving.Name}-step";
        var found = Directory.EnumerateFileSystemEntries(folder).Order(StringComparer.Ordinal);
        return found.Where(path => IsOfStep(Path.GetFileName(path)));

        bool IsOfStep(string name) =>
            name.StartsWith(start, StringComparison.Ordinal) && ends(name[start.Length..]) && !IsNameOfARun(name);
    }

    // A run may have been named as a checkpoint of this one would be: what it left lies beside its adapter.
    bool IsNameOfARun(string name)
    {
        string stem = name.EndsWith(ending, StringComparison.Ordinal) ? name[..^ending.Length] : name;
        var other = new TrainingFiles(saving with { Name = stem });
        return new[] { other.Recipe, other.Account, other.State, other.UnprovedState }.Any(File.Exists);
    }

    [GeneratedRegex(@"^\d{8,10}(\.safetensors)?$")]
    private static partial Regex StepEnding();

    [GeneratedRegex(@"^\d{8,10}-\d{2,}\.png$")]
    private static partial Regex SampleEnding();

    /// <summary>Throws where the recipe goes on with a run that left nothing, or where files of an earlier run are in the way.</summary>
    /// <exception cref="LowrankException">Names the file, and says what to do.</exception>
    public void Check()
    {
        if (saving.Resume && !File.Exists(State) && !File.Exists(UnprovedState))
            throw new LowrankException($"there is nothing to resume: {State} does not exist. Start the run without resume.");
        if (saving.Resume || saving.Overwrite) return;
        if (Existing().FirstOrDefault() is { } path)
            throw new LowrankException(
                $"{path} exists already. Choose another name or output, go on with it (resume), or replace it (overwrite).");
    }

    /// <summary>A path in the run's folder.</summary>
    internal string In(string name) => Path.Combine(saving.Output, name);

    /// <summary>How names begin of what is written after some steps.</summary>
    internal string After(int step) => string.Create(CultureInfo.InvariantCulture, $"{saving.Name}-step{step:D8}");
}
