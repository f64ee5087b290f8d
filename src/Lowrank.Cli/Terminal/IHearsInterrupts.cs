namespace Lowrank.Cli;

/// <summary>A command that ends less than the program at a Ctrl-C.</summary>
interface IHearsInterrupts
{
    /// <summary>Ctrl-C was pressed; asked on a thread of its own.</summary>
    /// <returns>Whether that was heeded; else the whole program stops.</returns>
    bool Interrupt();

    /// <summary>Whether it is in the midst of a text, in which a word about stopping would stand.</summary>
    bool IsWithinText => false;
}
