using System.Runtime.CompilerServices;

namespace Lowrank.Language;

/// <summary>One level of values within each other that a recursion is in, on its thread; left by disposing of it.</summary>
readonly ref struct ValueLevel : IDisposable
{
    [ThreadStatic]
    static int depth;

    static string TooDeep => $"maximum recursion depth exceeded: {TemplateLimits.ValueDepth} are allowed of values within each other";

    /// <summary>Goes a level down.</summary>
    /// <exception cref="TemplateFault">There are more than <see cref="TemplateLimits.ValueDepth"/> of them.</exception>
    /// <exception cref="InsufficientExecutionStackException">The thread has no room for it.</exception>
    public static ValueLevel Enter()
    {
        if (depth >= TemplateLimits.ValueDepth) throw new TemplateFault(TemplateFault.Recursion, TooDeep);
        RuntimeHelpers.EnsureSufficientExecutionStack();
        depth++;
        return new();
    }

    /// <summary>Goes a level up.</summary>
    public void Dispose() => depth--;
}
