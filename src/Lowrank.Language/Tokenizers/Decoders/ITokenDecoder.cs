namespace Lowrank.Language;

/// <summary>A step from tokens back to text.</summary>
interface ITokenDecoder
{
    /// <summary>The parts after this step; joined they are the text.</summary>
    IReadOnlyList<string> Decode(IReadOnlyList<string> tokens);
}
