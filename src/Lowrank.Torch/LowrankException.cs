namespace Lowrank.Torch;

/// <summary>A fault that the user can mend: its message says what, with which values, where, and what to try. Shown without a stack trace.</summary>
public class LowrankException : Exception
{
    /// <summary>A fault with its message.</summary>
    public LowrankException(string message) : base(message) { }

    /// <summary>A fault with its message and what caused it.</summary>
    public LowrankException(string message, Exception? inner) : base(message, inner) { }
}
