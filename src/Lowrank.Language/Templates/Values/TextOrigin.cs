namespace Lowrank.Language;

/// <summary>What wrote a stretch of a rendered text.</summary>
/// <param name="Source">The kind.</param>
/// <param name="Message">Number of the message, from 0; -1 where it is none.</param>
public readonly record struct TextOrigin(TextSource Source, int Message = -1);
