using System.Text.Json.Serialization;

namespace Lowrank.Bench;

/// <summary>A line of the table: what was measured, and what stands beside it.</summary>
/// <param name="Section">The name of its <see cref="Bench.Section"/>.</param>
/// <param name="What">What was done.</param>
/// <param name="Shape">On which model, or on which shapes.</param>
/// <param name="Dtype">In which dtype; empty where there is none to choose.</param>
sealed record Row(string Section, string What, string Shape, string Dtype = "")
{
    /// <summary>Our median seconds.</summary>
    public double? Seconds { get; init; }

    /// <summary>Who does the same, or what cannot be undercut.</summary>
    public string? Peer { get; init; }

    /// <summary>The peer's median seconds.</summary>
    public double? PeerSeconds { get; init; }

    /// <summary>The ratio that is aimed at, at the most; null where none is.</summary>
    public double? Aim { get; init; }

    /// <summary>Our peak memory in MB of 2^20 bytes.</summary>
    public double? Megabytes { get; init; }

    /// <summary>The peer's peak memory in MB.</summary>
    public double? PeerMegabytes { get; init; }

    /// <summary>What else was found, or why there is no figure.</summary>
    public string? Remark { get; init; }

    /// <summary>Whether it could not be measured; the remark says why.</summary>
    public bool Failed { get; init; }

    /// <summary>Ours over the peer's: of times, or of memory where no time was taken.</summary>
    [JsonIgnore]
    public double? Ratio => Seconds is null ? Megabytes / PeerMegabytes : Seconds / PeerSeconds;
}
