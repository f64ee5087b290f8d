using System.Text;

namespace Lowrank.Language;

/// <summary>A code point of a changed text and where it comes from.</summary>
/// <param name="Rune">The code point.</param>
/// <param name="Count">0 where it stands for the next code point of the text before, 1 where it is added, −n where it stands for the next
/// and n further ones go away.</param>
readonly record struct Change(Rune Rune, int Count);
