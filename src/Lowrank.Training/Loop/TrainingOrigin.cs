namespace Lowrank.Training;

/// <summary>Something that a run is made of, told by what it is and not by where it lies; with another one it cannot go on.</summary>
/// <param name="Name">What it is to the run, as a state's metadata call it: "pictures".</param>
/// <param name="Hash">A hash of all that makes it what it is; it may still be computed.</param>
/// <param name="Changed">How an error says that it has become another: "other pictures than DIR holds now".</param>
public sealed record TrainingOrigin(string Name, Task<string> Hash, string Changed)
{
    /// <summary>The hash, waited for.</summary>
    public string Fingerprint => Hash.GetAwaiter().GetResult();
}
