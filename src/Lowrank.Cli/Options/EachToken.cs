using System.CommandLine.Parsing;

namespace Lowrank.Cli;

/// <summary>Reads an option that may be given several times, one value at a time.</summary>
static class EachToken
{
    /// <summary>A parser of all the values of an option.</summary>
    /// <param name="parse">Reads one; what it calls a fault becomes a fault of usage.</param>
    public static Func<ArgumentResult, T[]> By<T>(Func<string, (T? Value, string? Fault)> parse) where T : class => result =>
    {
        var read = new List<T>();
        foreach (var token in result.Tokens)
        {
            var (value, fault) = parse(token.Value);
            if (fault is not null) result.AddError(fault);
            if (value is not null) read.Add(value);
        }
        return [.. read];
    };
}
