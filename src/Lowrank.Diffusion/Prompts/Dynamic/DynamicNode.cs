using System.Globalization;

namespace Lowrank.Diffusion;

/// <summary>A piece of a dynamic prompt.</summary>
abstract record DynamicNode
{
    /// <summary>How its outcomes follow each other; null as around it.</summary>
    public DynamicMethod? Method { get; init; }

    /// <summary>What it is, in one text: pieces of one key are the same to the syntax.</summary>
    public abstract string Key { get; }

    /// <summary>Text that stays.</summary>
    public sealed record Words(string Text) : DynamicNode
    {
        public override string Key => $"\"{Text}\"";
    }

    /// <summary>Pieces one after the other.</summary>
    public sealed record Sequence(IReadOnlyList<DynamicNode> Pieces) : DynamicNode
    {
        public override string Key => $"({Keys(Pieces)})";
    }

    /// <summary>{weight::one|another}: from so many to so many of them, with something between.</summary>
    public sealed record Choice(
        IReadOnlyList<(DynamicNode Node, double Weight)> Options, int Least, int Most, string Between) : DynamicNode
    {
        public override string Key => $"{{{Method}{Least}-{Most}$${Between}$${string.Join('|', Options.Select(KeyOf))}}}";

        static string KeyOf((DynamicNode Node, double Weight) option) =>
            string.Create(CultureInfo.InvariantCulture, $"{option.Weight}::{option.Node.Key}");
    }

    /// <summary>__path(name=value)__</summary>
    public sealed record Wildcard(DynamicNode Path, IReadOnlyList<(string Name, DynamicNode Value)> Variables) : DynamicNode
    {
        public override string Key => $"__{Method}{Path.Key}({Keys(Variables.Select(variable => variable.Value))})__";
    }

    /// <summary>${name:default}</summary>
    public sealed record Variable(string Name, DynamicNode? Default) : DynamicNode
    {
        public override string Key => $"${{{Name}:{Default?.Key}}}";
    }

    /// <summary>${name=value}, or ?= where it has none yet, or =! where it is chosen once and for all.</summary>
    public sealed record Assignment(string Name, DynamicNode Value, bool Overwrites, bool IsImmediate) : DynamicNode
    {
        public override string Key => $"${{{Name}{Overwrites}={IsImmediate}{Value.Key}}}";
    }

    /// <summary>%{before ... behind$$inner}</summary>
    public sealed record Wrap(DynamicNode Wrapper, DynamicNode Inner) : DynamicNode
    {
        public override string Key => $"%{{{Wrapper.Key}$${Inner.Key}}}";
    }

    static string Keys(IEnumerable<DynamicNode> nodes) => string.Join(' ', nodes.Select(node => node.Key));
}
