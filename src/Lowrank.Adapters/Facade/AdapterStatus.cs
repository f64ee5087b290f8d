using System.Globalization;

namespace Lowrank;

/// <summary>What an adapter on a model is and does now.</summary>
/// <param name="Name">Its name there.</param>
/// <param name="Methods">Its methods, by name.</param>
/// <param name="Layers">How many layers it adapts.</param>
/// <param name="Parameters">How many numbers it has.</param>
/// <param name="IsActive">Whether it is switched on.</param>
/// <param name="IsMerged">Whether it is worked into the weights.</param>
/// <param name="Strength">The user's multiplier.</param>
/// <param name="PassedOver">What its patterns match and it does not adapt, with the reason.</param>
/// <param name="LeftOut">What the file that it came from holds and it did not take, with the reason.</param>
public sealed record AdapterStatus(
    string Name, IReadOnlyList<string> Methods, int Layers, long Parameters, bool IsActive, bool IsMerged, double Strength,
    IReadOnlyList<UnadaptableLayer> PassedOver, IReadOnlyList<PassedOver> LeftOut)
{
    /// <summary>What the user should know of it: sizes that were moved to fit layers, what its reader told.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    internal static AdapterStatus Of(string name, Attachment attachment)
    {
        var made = attachment.Adapter.Targets.Values.ToList();
        var parts = made.SelectMany(one => one.parameters()).DistinctBy(part => part.Handle);
        return new(
            name, [.. made.Select(one => one.Method.Name).Distinct()], made.Count, parts.Sum(part => part.numel()), attachment.Active,
            attachment.IsMerged, attachment.Strength, attachment.PassedOver, attachment.Adapter.PassedOver)
        {
            Notes = attachment.Adapter.Notes,
        };
    }

    /// <inheritdoc/>
    public override string ToString()
    {
        string state = IsMerged ? "merged" : IsActive ? "active" : "off";
        string passed = PassedOver.Count == 0 ? "" : $"; {PassedOver.Count} matched layers are not adapted";
        string left = LeftOut.Count == 0 ? "" : $"; of its file {LeftOut.Count} were left out";
        string told = passed + left + string.Concat(Notes.Select(note => $"; {note}"));
        return string.Create(CultureInfo.InvariantCulture,
            $"{Name}: {string.Join(", ", Methods)} on {Layers} layers, {Parameters:n0} parameters, {state} at strength {Strength}{told}");
    }
}
