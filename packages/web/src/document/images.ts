import type { Editor } from '@tiptap/core'

/** Lets people choose files of this device; resolves with none when they change their mind. */
export async function chooseFiles(accept: string, multiple: boolean): Promise<File[]> {
  const input = document.createElement('input')
  input.type = 'file'
  input.accept = accept
  input.multiple = multiple
  return await new Promise((resolve) => {
    input.addEventListener('change', () => resolve([...(input.files ?? [])]), { once: true })
    input.addEventListener('cancel', () => resolve([]), { once: true })
    input.click()
  })
}

export const IMAGE_TYPES = ['image/png', 'image/jpeg', 'image/gif', 'image/webp']
export const isImage = (file: File) => IMAGE_TYPES.includes(file.type)

/** Puts images into the text at the cursor, one after the other, as `upload` has made addresses of them. */
export async function insertImages(
  editor: Editor,
  files: readonly File[],
  upload: (file: File) => Promise<string>,
): Promise<void> {
  for (const file of files) {
    const src = await upload(file)
    if (editor.isDestroyed) return
    const alt = file.name.replace(/\.\w+$/, '')
    editor.chain().focus().setImage({ src, alt }).run()
  }
}
