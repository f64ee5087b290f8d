namespace Lowrank.Training;

/// <summary>One picture to train on.</summary>
/// <param name="Path">Its file.</param>
/// <param name="Caption">Its text.</param>
/// <param name="Repeats">How often it is shown in an epoch.</param>
/// <param name="Folder">Name of the folder it lies in.</param>
public sealed record TrainingPicture(string Path, string Caption, int Repeats, string Folder)
{
    /// <summary>SHA-256 of its file, in hexadecimal; empty where it was not looked at.</summary>
    public string Hash { get; init; } = "";
}
