namespace Lowrank.Training;

/// <summary>One fact of an account.</summary>
/// <param name="Name">Its name, which stays the same from run to run: "captions_cut".</param>
/// <param name="Text">The fact, a sentence without a stop.</param>
/// <param name="NotUsed">Whether it tells of something given that is not used as it stands; a strict run refuses it.</param>
public sealed record AccountLine(string Name, string Text, bool NotUsed);
