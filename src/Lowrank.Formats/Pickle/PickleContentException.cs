namespace Lowrank.Formats;

/// <summary>A fault in what a pickle holds, of no single byte.</summary>
sealed class PickleContentException(string message) : Exception(message);
